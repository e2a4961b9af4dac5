



chronotope	2
ENý´
Z*^®9