%



chronotope2
E8€€€€€ üÚPb
Z*^®9