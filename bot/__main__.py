"""`python -m bot` is `wegwijzer`."""

from bot.cli import main

main()
