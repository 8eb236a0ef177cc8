"""Identity decides who may sign in, in which roles, for which unit and region; and keeps the list of units.

Hears: nothing; it is told by people and by the profile.
Tells: account.opened, account.changed, account.closed, access.login_locked, unit.opened, unit.changed.
Names of staff stay here and in the token of the person they belong to; events carry references only.
"""
