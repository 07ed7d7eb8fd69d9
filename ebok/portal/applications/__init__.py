"""The application for access: asked page by page, kept as a draft, sent, and followed by number and code."""
