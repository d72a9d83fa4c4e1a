"""Our Rasa graph components: how a Dutch message becomes a topic, places and a school type."""
