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
CALM = 2.2  # seconds without any life going on before the queues are asked: their figures are up to two old
TIRED = 60.0  # seconds without any life going on, after which the day is over whatever is on its way
MORNING = 9
DAYS = 12

Progress = Callable[[int], None]
Still = Callable[[], bool]
"""Whether no message is on its way in the whole suite."""


class Day:
    """One day's work, shared by several hands."""

    def __init__(self, lives: Sequence[Life], stage: Stage, still: Still, moved: Progress) -> None:
        self.stage, self.still, self.moved = stage, still, moved
        self.order = count()
        self.due = [(0.0, next(self.order), life) for life in lives if not life.ended]
        self.open = len(self.due)
        self.lock = threading.Lock()
        self.last_move = time.monotonic()
        self.over = False
        self.failed: list[BaseException] = []

    def work(self) -> None:
        """Until every life has ended or rests until tomorrow."""
        hands = [threading.Thread(target=self._hand, daemon=True) for _ in range(HANDS)]
        for hand in hands:
            hand.start()
        while any(hand.is_alive() for hand in hands):
            time.sleep(0.2)
            self.over = self.over or self._nothing_moves()
        if self.failed:
            raise self.failed[0]

    def _nothing_moves(self) -> bool:
        """No life went on for a while, nothing is on its way, and none went on while that was asked."""
        before = self.last_move
        calm = time.monotonic() - before
        return calm > TIRED or (calm > CALM and self.still() and self.last_move == before)

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
            pause = life.pause()
            if life.looks == 0 or rest is not Rest.EVENT:
                self.last_move = now
            if rest is Rest.EVENT and not self.over:
                heapq.heappush(self.due, (now + pause, next(self.order), life))
                return
            life.waiting = life.refused or rest.value
            life.ended = life.ended or bool(life.refused)
            self.open -= 1
            self.moved(1 if rest is Rest.END else 0)


def until_quiet(
    lives: Sequence[Life], stage: Stage, still: Still, moved: Progress, dawn: Callable[[datetime], None]
) -> int:
    """Day after day, until nothing more happens; returns how many days that took."""
    for day in range(1, DAYS + 1):
        Day(lives, stage, still, moved).work()
        if all(life.ended for life in lives):
            return day
        for life in lives:
            life.night()
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
