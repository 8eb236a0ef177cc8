"""Routing (流转): where every case is, who answers for it now, and until when.

Decides   the state of a case (model/table.py is the whole table), its lead unit, its tier, its clocks.
Hears     registration.accepted (opens the case), mediation.* (rounds, agreements), its own case.* (hands the
          case over to departments), delivery.* (what departments answered), and answer.* at the edge.
Tells     case.*, sla.*, supervision.proposed, whistle.called, delivery.*; asks departments (ask.handle_case).
Owns      collections `cases` and `deliveries`. It keeps codes, times and references; never a name or a text.
"""
