"""A stand-in for Meta on this machine: the Graph API, the webhooks it sends, and a server to talk to.

For the tests, `wegwijzer whatsapp try` and `wegwijzer bench whatsapp`. It is written from Meta's documentation and not
from our own payloads, so that it can disagree with them; what only the real service can show is in docs/whatsapp.md.
"""
