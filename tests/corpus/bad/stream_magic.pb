



chronotopf2
EOща
Z*^о9