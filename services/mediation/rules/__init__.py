"""The decisions of mediation: functions of what is known and asked, without a clock or a database."""
