"""The AsyncAPI document: all messages, who tells them and who hears them, for readers outside Python."""
