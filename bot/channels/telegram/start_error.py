"""What keeps the bot from starting."""


class StartError(Exception):
    """The settings are at fault. The message says what to do, and does not hold the token."""
