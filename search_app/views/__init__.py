"""The pages: one module and one blueprint each, named like its address; each has a dataclass of what it shows.

``asking`` answers a question, ``reading`` shows what was found, ``keeping`` what a reader keeps, ``operation`` is for
those who run it.
"""
