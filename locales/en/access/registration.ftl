registration-title = Registration
registration-lead = Give us your mobile phone number, and we will text you a 4-digit code.
country-label = Country code
country-hint = These are the countries that we send text messages to
phone-label = Enter phone number
phone-hint = For example, 916 123-45-67
registration-send-code = Send the code
registration-why = You register once. After that you can add a card and see your purchases, and we give you a promo code right away.
code-title = Enter the code from the text message
code-sent = We have sent a code to { $phone }.
code-label = Code, 4 digits
code-life = The code works for { $minutes } { $minutes ->
    [one] minute
   *[other] minutes
  }.
flash-code-again = The code has been sent again.
code-left = { $left ->
    [one] You have { $left } try.
   *[other] You have { $left } tries.
  }
again-wait = You can ask for another message after { $time }.
again-refresh = Refresh
again-submit = Send the code again
restart-submit = Use another number
no-code-link = Didn’t get the code?
no-code-title = Didn’t get the code?
no-code-wait = Wait a couple of minutes: messages are sometimes held up by the phone company.
no-code-number = Check the number: { $phone }. If it is wrong, use another one.
no-code-phone = See whether you have a signal and room for new messages. When you are abroad, text messages may be off.
no-code-blocked = Look in the spam folder and the list of blocked senders: phones sometimes hide messages from unknown senders.
no-code-same = If you ask again, the same code comes for as long as it is valid. Any of the messages will do.
no-code-back = Enter the code
agree-title = Consent to the use of your data
agree-lead = To open an account we need your consent. This is what you agree to:
agree-what = Which data: phone number; e-mail address, if you give one; name, security questions and the key of a code app, if you give them; time zone and language; time and IP address of sign-ins, details of the browser; a card, if you add one: its payment system, last four digits, expiry and cardholder’s name; your transactions and promo codes.
agree-why = What for: to register you, to let only you into the account, to make payments and refunds, and to tell you about them.
agree-how = What { $operator ->
    [none] the operator of { $host }
   *[other] the operator ({ $operator }, { $address })
  } does with it: collects, records, keeps, corrects, uses, passes to the bank, the payment gateway, the phone company, the mail service and the marketplace, blocks and deletes.
agree-term = For how long: while you use the account. You can withdraw your consent at any time.
agree-read = Read the whole privacy policy
agree-label = I consent to the use of my personal data
agree-gloss = to give your consent and go on
agree-otherwise = If you do not agree, just close the page: no account will be made, and we will delete the phone number within a day.
version-title = International version
version-lead = You are registering for the international version of this account. Continue?
version-currencies = You can pay in 14 currencies, with { $card_brands } cards.
version-languages = The site works in Russian, English and Chinese; you can change the language on any page.
version-abroad = Sellers and marketplaces may be in different countries, so details of a payment reach them too.
version-gloss = to go on with the international version
new-password-title = Create a password
registration-email-label = E-mail address (optional)
registration-email-hint = Lets you sign in with it, and get back in if you forget the password
registration-submit = Create account
done-title = Your account has been created
done-lead = Your account ID:
done-number-text = Write it down: with this ID and your password you can sign in even if your phone number changes. You always find it on the first page of your account.
done-email = We have sent a message to { $email }. Open the link in it or enter the code to confirm the address.
done-email-link = Enter the code from the message
done-cabinet = Go to your account
expired-title = The registration has run out
expired-text = We waited too long and closed this attempt, so that nobody else can use it. No account was made. Start again: it takes a couple of minutes.
expired-restart = Start again
code-spent = No tries are left, and this code no longer works. Ask for a new one.
agree-unticked = Tick the box to agree: we cannot open an account without your consent.

# Lines of the activity
event-registered = Account created
flash-registration-under-way = Registration is already under way with { $phone }. To use another number, start again.
flash-code-waits = A code has already been sent to { $phone }. Enter it here.
