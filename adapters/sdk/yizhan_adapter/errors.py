"""Every way an adapter can fail; the name says whether to try again.

TryLater            this ask may succeed later; it is tried again, ever more slowly, without end
└── OfficeDown      the whole back office does not answer: pause for every ask
NeverPossible       trying again cannot help: the ask waits for a person (`yizhan_adapter asks`, `retry`)
├── UnknownCode     the back office sent a code that the department's table does not have
└── NotSignedIn     the other side does not know us (401)
NotThere            the body of a message lies elsewhere and cannot be fetched now: it comes again
Unreadable          a message that is no ask of ours: back to the centre's parking, never stored
Misconfigured       the process cannot start: a variable, a plug-in or its manifest is wrong
"""


class TryLater(Exception):
    """This ask may succeed later."""


class OfficeDown(TryLater):
    """The back office does not answer anybody."""


class NeverPossible(Exception):
    """Trying again cannot help."""


class UnknownCode(NeverPossible):
    """The department's table has no such code."""


class NotSignedIn(NeverPossible):
    """The other side does not know us, or no longer."""


class NotThere(Exception):
    """What an event points to cannot be fetched now; the message is given back and comes again."""


class Unreadable(Exception):
    """Not a message this adapter can ever understand."""


class Misconfigured(Exception):
    """The process cannot start as it is set up."""
