"""The decisions of grid: functions of what is known and asked, without a clock or a database."""
