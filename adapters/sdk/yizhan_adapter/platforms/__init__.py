"""What connects a platform of others: a card (their words for our facts), receipts, a daily comparison."""

from yizhan_adapter.platforms.card import Card, card_of
from yizhan_adapter.platforms.platform import Platform

__all__ = ["Card", "Platform", "card_of"]
