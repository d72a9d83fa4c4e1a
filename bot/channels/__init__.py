"""The ways a parent reaches the assistant, as Rasa input channels. Each hands messages to `bot.conversation`."""
