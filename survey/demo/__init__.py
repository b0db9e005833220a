"""The content of the demo: invented notes, comments, surveys and answers."""
