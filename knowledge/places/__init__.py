"""Place recognition: which municipality does a parent mean?

A plain library over the register tables; it knows nothing of Rasa, needs no network and loads nothing at import.

    recognizer = PlaceRecognizer.load()
    recognizer.find("wij wonen in Beek bij Nijmegen, de school staat in den bosh")
    recognizer.resolve("3521ab")

The order is: exact name → alias → former municipality → place → postcode → misspelling. A name that fits several
municipalities gives all of them, so that the assistant can ask.
"""

from knowledge.places.model import PlaceMatch
from knowledge.places.recognizer import PlaceRecognizer

__all__ = ["PlaceMatch", "PlaceRecognizer"]
