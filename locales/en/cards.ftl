cards-title = Bank cards
cards-add = Add a card
cards-add-other = Add another card
cards-none = You have no cards here yet.
cards-none-text = A card you add pays for purchases and receives refunds. An ordinary salary card is enough.
card-default = default
card-prefer = Make default
flash-card-default = { $card } is now your default card.
card-unnamed = New card
card-good-until = through { $expiry }
card-all = All cards
card-refresh = Refresh
card-enter-sum = Enter the amount
card-not-taken = The second card was not added: finish checking this one first.
card-one-at-a-time = Another card can be added once this one is checked.
card-remove = Remove the card
card-keep = Keep the card

# How a card stands: a word, and what it means
card-state-checked = Being checked
card-state-to-be-typed = Details needed
card-state-verifying = Amount needed
card-state-confirmed = Confirmed
card-state-expired = Expired
card-state-failed = Not added
card-state-unbound = Removed
card-state-dropped = Cancelled
card-text-handing = We are passing the card to the bank.
card-text-to-be-typed = Enter the card on the bank’s page.
card-text-verifying = Enter the amount that was charged to add the card.
card-text-confirmed = You can pay with this card.
card-text-expired = This card cannot pay any more.
card-failure-declined = The bank declined the card. It tells the reason to the cardholder only: call the number on the back of the card, or add another one.
card-failure-not-confirmed = The charge was not confirmed on the bank’s page.
card-failure-tries-spent = A wrong amount was entered three times.
card-failure-time-over = The amount was not entered within two days.
card-failure-not-entered = The card’s details did not reach the bank. No money was taken.
card-failure-too-often = This card cannot be added now: it was tried too often. No money was taken.
card-blocked-month = We have blocked this card for thirty days: you can add it again after { $until }.
card-blocked-day = We have blocked this card for 24 hours: you can add it again after { $until }.
card-money-charging = The verification charge is being made.
card-money-at-bank = The bank waits for you to confirm.
card-money-cancelling = The charge is being cancelled.
card-money-charged = The verification charge was made.
card-money-returning = The verification charge is on its way back.
card-money-returned = The verification charge has come back.
card-money-declined = No money was taken.

# The form
card-new-title = New card
card-new-sum = We charge between { $least } and { $most }
card-new-lead = Your bank sends you the amount in a message (KABINET CHECK): enter it on the next page. We return it right after the check, or within 24 hours if you never finish it.
card-new-hosted = You enter the card’s number and security code on the bank’s page. They never come to us.
card-new-brands = { $card_brands }.
card-new-kept = The number and the security code go to the bank; we keep neither.
card-new-sandbox = A trial installation: never enter a real card.
card-new-test-cards = Test cards
card-new-brands-hosted = Accepted cards: { $card_brands }.
card-number = Card number
card-holder = Cardholder’s name
card-holder-hint = As on the card, such as IVAN IVANOV
card-expiry = Expiry
card-expiry-hint = Month and year, such as 12/27
card-code = Security code
card-code-hint = Three digits on the back of the card
card-password-hint = So that we know it is you who manages the card
card-save = Save
card-number-empty = Enter the card number.
card-number-again = Enter the card number and the security code again: we do not keep them.
card-number-characters = A card number has digits only.
card-number-length = The number has too few or too many digits. Compare it with the card.
card-number-brand = We do not accept cards of this payment system. We accept { $card_brands }.
card-number-checksum = The number is mistyped. Compare it with the card.
card-known = This card is already added.
card-declined = The bank declined the card. No money was taken. Check the details or use another card.
card-bank-away = The bank cannot be reached right now. No money was taken, and this attempt does not count. It is not your card: try again in a few minutes.
card-wait = This card cannot be added now: it was tried too often. No money was taken. Try again after { $until }.
card-number-checked = I have compared the number with the card
card-number-unsure = The check digit of this number does not fit. With some UnionPay cards that is as it should be. Compare the number with the card, enter it once more and tick that you have compared it.
card-last-one = You have one try left today to add a card.
card-not-handed-over = We did not pass the card to the bank. No money was taken.
card-shut-busy = There are too many tries to add a card, and we have paused. Try again after { $until }.
card-shut-network = Too many cards were tried from your network’s address, which other people may share. You can add a card from here after { $until }, and from another network, such as mobile internet, right now.
card-shut-month = Ten cards can be added within thirty days, and these tries are used up. You can add the next one after { $until }.
card-shut-day = Three cards can be added within 24 hours, and these tries are used up. You can add the next one after { $until }.
card-holder-empty = Enter the cardholder’s name.
card-holder-number = A name belongs here, not a number.
card-holder-characters = Enter the name in letters, as on the card.
card-holder-long = The name is too long. Enter it as it is printed on the card.
card-expiry-empty = Enter the expiry.
card-expiry-unreadable = Enter month and year, such as 12/27.
card-expiry-month = Check the month: it is between 01 and 12. The month comes first, then the year, such as 12/27.
card-expiry-past = The card has expired. Use another one.
card-expiry-far = Check the year: cards are not issued for that long.
card-code-empty = Enter the security code.
card-code-length = The security code is the three digits on the back of the card.

# The check
card-verification-title = Checking the card
card-title-confirmed = The card is added
card-title-failed = The card is not added
card-title-unbound = The card is removed
card-title-dropped = Adding was cancelled
card-title-expired = The card has expired
card-where = Where is my money?
card-where-not-asked = On your card: nothing was charged yet.
card-where-to-be-typed = On your card. Enter its details on the bank’s page: the bank alone sees the number and the code.
card-where-charging = We are asking the bank to charge a small amount. It usually takes a few seconds.
card-where-bank = The bank asks you to confirm the charge on its own page: otherwise nothing is charged and the card is not added.
card-where-answered = We are waiting for the bank’s answer to your confirmation. It usually takes a few seconds. If you have not answered the bank yet, go back to its page.
card-where-typed = We are waiting for the bank’s answer about the card. It usually takes a few seconds. If you have not entered the card yet, go back to the bank’s page.
card-to-bank = Go to the bank’s page
card-where-charged = The money is kept by us. Enter the amount below, and we return it at once. If you do not, we return it ourselves by the time given.
card-where-cancelling = The charge is not needed any more: we are asking the bank to cancel it. If the money was taken already, we return it.
card-where-refused = The bank has not taken the refund yet. We keep asking; you need not do anything.
card-where-silent = The bank does not answer at the moment. We keep asking; you need not do anything.
card-where-late = The bank has still not made the refund, and we are late. You need not do anything: one of us knows of the delay.
card-where-returned-sum = We returned { $sum }.
card-where-bank-shows = Your bank shows it at once or within a few days.
card-where-never = On your card: we have taken nothing.
card-return-by = We return it by

# Steps of the verification charge
card-step-at = { $at }
card-step-by = by { $at }
card-step-handing = We are passing the card to the bank
card-step-typing = Waiting for the card on the bank’s page
card-step-charging = We are charging a small amount
card-step-at-bank = Waiting for you to confirm the charge on the bank’s page
card-step-answer = Waiting for the bank’s answer
card-step-charged = We charged a small amount
card-step-to-enter = You enter the amount from the bank’s message
card-step-entering = Waiting for the amount from you; you may enter it after the return, too
card-step-entered = You entered the amount
card-step-to-return = We return the money to the card
card-step-returning = We are returning the money to the card
card-step-returned = We returned the money to the card
card-step-cancelling = We are cancelling the charge
card-step-if-charged = If the money was taken already, we return it

card-name-title = Enter the amount
card-name-text = Find it in your bank’s message or in your list of operations: between { $least } and { $most }, to KABINET CHECK.
card-name-sandbox = On a trial installation the bank’s messages are here:
card-name-by = You can enter it after the refund too, until
card-sum = The amount charged
card-sum-hint = For example 4.37
card-sum-empty = Enter the amount from the bank’s message.
card-sum-wrong = We could not read the amount. Enter it in digits, such as 4.37. No try was used.
card-sum-range = We charged between { $least } and { $most }. Look the amount up in the bank’s message. No try was used.
card-sum-whole = This amount always has kopecks. Enter all of it, as your bank’s message has it, such as 4.37. No try was used.
card-sum-missed = { $left ->
    [one] The amount does not match. { $left } try is left.
   *[other] The amount does not match. { $left } tries are left.
  }
card-tries = { $left ->
    [one] { $left } try is left.
   *[other] { $left } tries are left.
  }
card-confirm = Confirm the card

# Unbinding
card-confirmed = { $card } was added.
card-removed = { $card } was removed.
card-removed-unnamed = The card was removed.
card-dropped = Adding the card was cancelled.
card-removal-title = Remove the card?
card-removal-text = You will not be able to pay with this card here. You can add it again at any time.
card-removal-away = The verification charge has not come back yet. We return it to a removed card too, by
card-removal-charging = The verification charge is not done yet: we cancel it, and if the money was taken already, we return it by
card-drop = Cancel adding the card
card-drop-title = Cancel adding the card?
card-drop-text = The card is not added and nothing is charged. You can add it at any time.
card-drop-verifying = The card is not added. You can add it again at any time.
card-drop-keep = Continue adding it

# Lines of the activity
event-card-added = Card added
event-card-confirmed = Card confirmed
event-card-failed = Card not added
event-card-dropped = Adding a card was cancelled
event-card-unbound = Card removed
