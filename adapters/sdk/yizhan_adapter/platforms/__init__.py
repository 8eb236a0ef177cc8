"""What connects an office of others: a card (their words for our facts), receipts, a daily comparison."""

from yizhan_adapter.platforms.card import Card
from yizhan_adapter.platforms.department import Department, connected
from yizhan_adapter.platforms.platform import Platform

__all__ = ["Card", "Department", "Platform", "connected"]
