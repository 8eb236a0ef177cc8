"""What connects a platform of other offices: a card (what they call our facts), receipts, and a daily comparison."""

from yizhan_adapter.platforms.card import Card, card_of
from yizhan_adapter.platforms.platform import Platform

__all__ = ["Card", "Platform", "card_of"]
