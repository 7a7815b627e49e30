"""The pages: one module and one blueprint each, named like its address; each has a dataclass of what it shows.

``search`` and ``home`` answer ``/``. ``article``, ``changes``, ``story``, ``timeline``, ``desk``,
``marks``, ``subscriptions``, ``status`` and ``help`` are pages of their own; ``feeds`` are searches as subscriptions;
``monitoring`` is for those who run it.
"""
