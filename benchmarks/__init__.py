"""Speed, as ratios in one run against the bare programs that assess cannot do without."""
