email-label = E-mail address
email-hint = For example, anna@example.com
email-code-label = Code, 6 digits
confirmation-address = Address
confirmation-gloss = that this address is yours

# An account that waits for its owner
invitation-step = Step { $step } of 3
invitation-title = Your account is ready
invitation-text = We have opened an account for you; your purchases will appear in it. Press the button to confirm your address. Then we ask for your consent, a password and your security questions.
invitation-not-you = If you have bought nothing and do not need an account, simply close the page: without your consent it will not work.
invitation-agree-lead = The account is already there. For you to use it, we need your consent. This is what you agree to:
invitation-agree-what = Which data: e-mail address; security questions; phone number, name and the key of a code app, if you give them; time zone and language; time and IP address of sign-ins, details of the browser; a card, if you add one: its payment system, last four digits, expiry and cardholder’s name; your transactions and promo codes.
invitation-agree-why = What for: to let only you into the account, to make payments and refunds, and to tell you about them.
invitation-unticked = Tick the box to agree: without your consent the account cannot be used.
invitation-opened-title = Your account is open
invitation-otherwise = If you do not agree, simply close the page: the account will not work, and nobody can sign in to it.
invitation-done-title = The account is already yours
invitation-done-text = This link has already been used: the password is set, and the account is open.
invitation-expired-title = This link is out of date
invitation-expired-text = The link works for 24 hours, and they are over. We can send a new message to the same address.
invitation-replaced-title = There is a newer message
invitation-replaced-text = We have sent another message since. Open the link in the newest one, or ask us to send it again.
invitation-begun-title = This link is open in another browser
invitation-begun-text = The address is confirmed, and you can go on in the browser where you pressed the button. If you cannot, or it was not you, we will send a new message.
invitation-again = Send a new message
invitation-late-title = The time is up
invitation-late-text = We waited too long and stopped, so that nobody else can use the account. We can send a new message to the same address.
invitation-code-title = Code from the e-mail
invitation-code-text = The message with the “Confirm” button has a 6-digit code. Enter it here with the address the message came to, or open the link in it on any device. No message? Wait a couple of minutes and look in the spam folder.
invitation-code-hint = The code works for 24 hours. Only the code from the newest message will do.
invitation-code-wrong = { $left ->
    [one] The address or the code is not right. You have { $left } try left.
   *[other] The address or the code is not right. You have { $left } tries left.
  }
invitation-code-spent = No tries are left. Open the link in the message, or try the code again tomorrow.
invitation-code-network = Too many invitation codes were entered from your network’s address, which other people may share. You can enter a code from here after { $time }, and from another network, such as mobile internet, right now. The link in the e-mail works from here too.
invitation-taken-title = This address is taken
invitation-taken-text = While you were filling in the forms, this address was confirmed in another account. Sign in to that one. If it was not you, contact support.

# Security questions: a list of what stays the same for life and stands in no social network.
questions-title = Security questions
questions-why = If you forget your password, we first send you an e-mail or a text message and then ask these questions. That keeps out whoever has got hold of your mailbox or phone.
questions-advice = Choose three different questions and answer them the way you will in a few years’ time. Capital letters, extra spaces and punctuation make no difference. Nobody sees your answers, not even our staff.
questions-submit = Send
