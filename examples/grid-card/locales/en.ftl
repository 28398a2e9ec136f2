factor-grid-card = Grid card
factor-grid-card-description = Three numbers from a card that you printed
factor-grid-card-enrol-title = Print your grid card
factor-grid-card-keep = Print this card, or copy it, and keep it apart from your password.
factor-grid-card-cells = Numbers in { $cells }
factor-grid-card-wrong = Those are not the numbers on your card.
