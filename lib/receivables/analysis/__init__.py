"""Pure calculations on numbers and frames: no widget, no chart, no file path."""
