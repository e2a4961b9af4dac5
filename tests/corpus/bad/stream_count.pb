



chronotope2
ELR—é
ZûÍÐ