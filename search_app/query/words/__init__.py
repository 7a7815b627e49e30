"""What words of a question are: ``segmentation`` cuts runs of Chinese, ``names`` knows spellings; ``completion`` and
``spelling`` propose others to whoever types.
"""
