"""What only the Telegram channel says, in English. All else is worded for every channel alike."""

NOT_SAVED = (
    "Sorry, that could not be saved, so nothing was changed. "
    "Please send it again in a minute; if it happens again, tell whoever runs this bot."
)

NOT_SAVED_TOAST = "Not saved. Please try again in a minute."
