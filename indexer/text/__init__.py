"""Everything Chinese: folding, segmenting, analysis, name variants."""
