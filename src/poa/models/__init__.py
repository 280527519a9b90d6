"""Language models behind one seam: any OpenAI-compatible endpoint, one in this process, recorded, scripted."""

from poa.models.base import ChatModel, ChatReply, ChatRequest, Message, request_key
from poa.models.choose import Choice, open_model

__all__ = ["ChatModel", "ChatReply", "ChatRequest", "Choice", "Message", "open_model", "request_key"]
