



chronotope2
ELR—é