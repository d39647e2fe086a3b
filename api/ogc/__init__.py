"""The collections as OGC API - Features serves them (OGC 17-069r4, 18-058r1, 19-079r2)."""
