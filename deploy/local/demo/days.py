"""The county's days: every life goes as far as it can today; then the clock moves to the next morning."""

from __future__ import annotations

import heapq
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import count

from deploy.local.demo.going import go_on
from deploy.local.demo.life import Life, Rest, Stage
from deploy.local.demo.web import Refusal
from shared import clock

HANDS = 8  # people at work at the same time
LOOK_AGAIN = 0.25  # seconds between two looks at a case that waits for a message
TIRED = 30.0  # seconds without any life going on, after which the day is over
MORNING = 9
DAYS = 12

Progress = Callable[[int], None]


class Day:
    """One day's work, shared by several hands."""

    def __init__(self, lives: Sequence[Life], stage: Stage, moved: Progress) -> None:
        self.stage, self.moved = stage, moved
        self.order = count()
        self.due = [(0.0, next(self.order), life) for life in lives if not life.ended]
        self.open = len(self.due)
        self.lock = threading.Lock()
        self.last_move = time.monotonic()
        self.failed: list[BaseException] = []

    def work(self) -> None:
        """Until every life has ended or rests until tomorrow."""
        hands = [threading.Thread(target=self._hand, daemon=True) for _ in range(HANDS)]
        for hand in hands:
            hand.start()
        for hand in hands:
            hand.join()
        if self.failed:
            raise self.failed[0]

    def _hand(self) -> None:
        try:
            while self.open and not self.failed:
                life = self._next()
                if life is None:
                    time.sleep(0.02)
                    continue
                self._settle(life, self._go_on(life))
        except BaseException as failure:
            self.failed.append(failure)

    def _go_on(self, life: Life) -> Rest:
        """A step that the suite refuses leaves this life where it is, with the reason."""
        try:
            return go_on(life, self.stage)
        except Refusal as refusal:
            life.refused = str(refusal)
            return Rest.END

    def _next(self) -> Life | None:
        with self.lock:
            if self.due and self.due[0][0] <= time.monotonic():
                return heapq.heappop(self.due)[2]
        return None

    def _settle(self, life: Life, rest: Rest) -> None:
        now = time.monotonic()
        with self.lock:
            if life.note() or rest is not Rest.EVENT:
                self.last_move = now
            if rest is Rest.EVENT and now - self.last_move < TIRED:
                heapq.heappush(self.due, (now + LOOK_AGAIN, next(self.order), life))
                return
            life.waiting = life.refused or rest.value
            life.ended = life.ended or bool(life.refused)
            self.open -= 1
            self.moved(1 if rest is Rest.END else 0)


def until_quiet(
    lives: Sequence[Life], stage: Stage, moved: Progress, dawn: Callable[[datetime], None]
) -> int:
    """Day after day, until nothing more happens; returns how many days that took."""
    for day in range(1, DAYS + 1):
        Day(lives, stage, moved).work()
        if all(life.ended for life in lives):
            return day
        dawn(next_morning())
    return DAYS


def next_morning() -> datetime:
    """Move the shared clock to nine o'clock of the next working day."""
    from shared.profile import profile

    now = clock.local(clock.now())
    morning = (now + timedelta(days=1)).replace(hour=MORNING, minute=0, second=0, microsecond=0)
    while not profile().calendar.is_workday(morning.date()):
        morning += timedelta(days=1)
    clock.advance((morning - now).total_seconds())
    return morning
