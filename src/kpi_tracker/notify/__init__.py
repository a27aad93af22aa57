"""Messages that people keep reading: what a night brought, to those whom it concerns, once."""
