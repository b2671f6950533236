"""How large a list may be, and the error that says so."""

MEGABYTE = 1024 * 1024
# Room for a million rows of PropStream's widest export that people send.
LARGEST_FILE = 600 * MEGABYTE
# A page's upload waits for its answer, so it is kept smaller than the command line's file.
LARGEST_UPLOAD = 100 * MEGABYTE
MOST_ROWS = 1_500_000
# A preview of so many rows takes a second or two; a longer list is counted by a worker.
PREVIEW_ROWS = 5_000
MOST_COLUMNS = 400
LONGEST_CELL = 10_000
LONGEST_LINE = 2_000_000
# Workbooks: what may come out of the ZIP, all told and of parts that are read into memory.
LARGEST_UNPACKED = 300 * MEGABYTE
LARGEST_STRINGS = 40 * MEGABYTE
LARGEST_PART = 4 * MEGABYTE
MOST_ENTRIES = 1_000
HIGHEST_RATIO = 150


class FileRefused(ValueError):
    """The file cannot be imported; the text is one sentence for the person who sent it."""
