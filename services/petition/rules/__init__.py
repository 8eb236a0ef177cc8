"""The decisions of petition: functions of what is known and asked, without a clock or a database."""
