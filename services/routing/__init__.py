"""Routing (流转): where every case is, who answers for it now, and until when.

Decides   the state of a case (model/table.py is the whole table), its lead unit, its tier, its clocks.
          Which departments are connected and who of them sits where (department.*).
Hears     registration.accepted (opens the case), mediation.* (rounds, agreements), its own case.* (hands the
          case over to departments), delivery.* (what departments answered); at the edge answer.* and beats.
Tells     case.*, sla.*, supervision.proposed, whistle.called, delivery.*, department.*; asks departments
          (ask.handle_case).
Owns      collections `cases`, `deliveries`, `departments`, `signs`. It keeps codes, times and references;
          never a person's name or a text.
"""
