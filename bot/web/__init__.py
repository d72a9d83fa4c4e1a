"""The pages of the server and the widget that other sites embed."""
