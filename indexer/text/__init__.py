"""Everything Chinese: characters, folding, segmentation, tokens, name variants, help for typing.

In the order of the flow. Facts: ``characters``, ``opencc``, ``dictionary``, ``pinyin``. Text to tokens: ``fold`` →
``gaps`` → ``units`` → ``grams``, ``segment`` → ``words``, joined in ``analyser``. Spellings of one name: ``groups``
(what people write), ``names/`` (where else they come from), ``variants`` (the table). For readers: ``lexicon``
(completion), ``script_conversion`` (Traditional and Simplified). For ``sources``: ``language_identification``.
"""
