%



chronotope2
E2
Eαζ«
Z*^®9