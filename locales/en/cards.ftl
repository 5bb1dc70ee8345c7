cards-title = Bank cards
cards-none = No card is added to your account.
cards-none-text = Soon you will be able to add a Visa or MasterCard here, to pay with it and to receive refunds.
