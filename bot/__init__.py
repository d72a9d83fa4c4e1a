"""The Wegwijzer assistant: Rasa configuration, components, channels and the command line."""
