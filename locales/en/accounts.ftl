# Tabs and sign-in
tabs-label = Sign-in and registration
tab-sign-in = Sign in
tab-registration = Register
sign-in-title = Sign in to your account
login-label = Login
login-hint = Account ID, e-mail address or phone number
password-label = Password
sign-in-submit = Sign in
sign-in-forgotten = Forgot your password?
sign-in-only-registered = Only registered people can sign in.
sign-in-register = Register

# Registration
registration-step = Step { $step } of 5
registration-title = Registration
registration-lead = Give us your mobile phone number, and we will text you a 4-digit code.
country-label = Country code
phone-label = Enter phone number
phone-hint = Spaces, brackets and hyphens are fine, with or without the country code
registration-send-code = Send the code
registration-why = You register once. After that you can add a card and see your purchases, and we give you a promo code right away.

code-title = Enter the code from the text message
code-sent = We have sent a code to { $phone }.
code-label = Code, 4 digits
code-left = { $left ->
    [one] You have { $left } try.
   *[other] You have { $left } tries.
  }
again-wait = You can ask for another message at { $time }.
again-refresh = Refresh
again-submit = Send the code again
restart-submit = Use another number
no-code-link = Has the code not come?
no-code-title = Has the code not come?
no-code-wait = Wait a couple of minutes: messages are sometimes held up by the phone company.
no-code-number = Check the number above. If it is wrong, use another one.
no-code-phone = See whether you have a signal and room for new messages. When you are abroad, text messages may be off.
no-code-blocked = Look in the spam folder and the list of blocked senders: phones sometimes hide messages from unknown senders.
no-code-same = If you ask again, the same code comes for as long as it is valid. Any of the messages will do.
no-code-back = Enter the code

agree-title = Consent to the use of your data
agree-lead = To open an account we need your consent. This is what you agree to:
agree-what = Which data: phone number, e-mail address if you give one, time and IP address of sign-ins, details of the browser, your transactions.
agree-why = What for: to register you, to let only you into the account, to make payments and refunds, and to tell you about them.
agree-how = What the operator of { $brand } does with it: collects, records, keeps, corrects, uses, passes to the bank, the phone company, the mail service and the marketplace, blocks and deletes.
agree-term = For how long: while you use the account. You can withdraw your consent at any time.
agree-read = Read the whole privacy policy
agree-label = I agree to the privacy policy and consent to the use of my personal data
agree-gloss = to give your consent and go on
agree-otherwise = If you do not agree, just close the page: no account will be made, and we will delete the phone number within a day.

version-title = International version
version-lead = You are registering with the international version of { $brand }. Go on with it?
version-currencies = You can pay in 14 currencies, with Visa and MasterCard.
version-languages = The site speaks Russian, English and Chinese; you change the language in the top right corner.
version-abroad = Sellers and marketplaces may be in different countries, so details of a payment reach them too.
version-gloss = to go on with the international version

new-password-title = Make up a password
new-password-rule = The password must have at least one Arabic digit, and digits next to each other must not repeat or run in sequence.
new-password-examples = For example, 11, 12 and 21 are refused, while 19 and 4k7 are fine. Three or four random words with a digit between them make a good password.
new-password-label = Password
new-password-hint = At least 8 characters, spaces allowed
again-label = The password once more
registration-email-label = E-mail address (optional)
registration-email-hint = Lets you sign in with it, and get back in if you forget the password
registration-submit = Create account

done-title = Your account is ready
done-lead = Your account ID:
done-number-text = Write it down: with this ID and your password you can sign in even if your phone number changes. You always find it on the first page of your account.
done-email = We have sent a message to { $email }. Open the link in it or enter the code, and the address is confirmed.
done-email-link = Enter the code from the message
done-cabinet = Go to your account
gift-title = A gift for you: a promo code for { $sum }
gift-code = Promo code:
gift-text = You can use it when you pay for a purchase.
gift-until = Valid until

expired-title = The registration has run out
expired-text = We waited too long and closed this attempt, so that nobody else can use it. No account was made. Start again: it takes a couple of minutes.
expired-restart = Start again

already-title = You are already signed in
already-number = Your account ID:
already-text = There is no need to sign in again. To use another account, sign out of this one first.
already-cabinet = Go to your account

# E-mail address
email-title = E-mail address
email-why = Messages about your transactions will come here. You can sign in with it, and it helps you back in if you forget the password.
email-current = Your confirmed address is
email-replace-text = To replace it, enter a new one. The old address stays in force until the new one is confirmed.
email-pending = We are waiting for { $email } to be confirmed. If the message does not come, check the spam folder or send it again.
email-pending-link = Enter the code from the message
email-label = E-mail address
email-hint = For example, anna@example.com
email-password-hint = So that we know it is you who is changing the address
email-submit = Send the message
email-code-title = Code from the message
email-code-sent = We have sent a message to { $email }. It holds a link and a 6-digit code: either will do.
email-code-label = Code, 6 digits
email-code-submit = Confirm the address
email-code-not-there = No message? Wait a couple of minutes and look in the spam folder. If the address belongs to another account, a message that explains this comes instead of a code.
email-code-again = Send the message again or use another address

confirmation-title = Confirm the address
confirmation-lead = Press the button, and the address is tied to the account.
confirmation-address = Address
confirmation-number = Account ID
confirmation-gloss = that this address is yours
confirmation-not-you = If you did not ask for this, press nothing and close the page: without your confirmation the address will not be tied to the account.
confirmation-used-title = The address is already confirmed
confirmation-used-text = This link has done its work. There is nothing more to do.
confirmation-expired-title = The link is too old
confirmation-expired-text = A link works for 24 hours, and they have passed. Sign in and send the message again.
confirmation-replaced-title = There is a newer link
confirmation-replaced-text = You asked for another message after this one. Open the link in the newest.
confirmation-taken-title = The address belongs to another account
confirmation-taken-text = This address has already been confirmed in another account, and it can belong to only one. Sign in to that account or use another address.
confirmation-new = Send a new message
confirmed-title = The address is confirmed
confirmed-text = Messages will now come to { $email }, and you can sign in with it.

# Errors: what is wrong and what to do
login-empty = Enter your account ID, e-mail address or phone number.
login-long = A login is never longer than { $max } { $max ->
    [one] character
   *[other] characters
  }. Check that nothing extra was pasted in.
sign-in-wrong = The login or the password is wrong. Check the keyboard layout and Caps Lock and try again.
password-empty = Enter the password.
password-long = A password cannot be longer than { $max } { $max ->
    [one] character
   *[other] characters
  }. Make it shorter.
sign-in-wait = Too many failed tries. Wait { $minutes } { $minutes ->
    [one] minute
   *[other] minutes
  } and try again.
country-wrong = Choose a country from the list.
phone-empty = Enter your phone number.
phone-wrong = There is no such number in this country. Check the country and the digits.
phone-characters = A number may only have digits, spaces, brackets, hyphens and a plus sign in front. Remove anything else.
phone-long = This number is too long. Check that nothing was pasted by mistake.
phone-not-mobile = This number cannot receive text messages. Enter a mobile number.
code-empty = Enter the code from the message.
code-format = The code is { $digits } { $digits ->
    [one] digit
   *[other] digits
  } and nothing else. Check what you typed.
code-wrong = { $left ->
    [one] That is not the code. You have { $left } try left.
   *[other] That is not the code. You have { $left } tries left.
  }
code-spent = No tries are left, and this code no longer works. Ask for a new one.
code-expired = The code has run out. Ask for a new one.
agree-unticked = Tick the box to agree: we cannot open an account without your consent.
password-short = The password is too short. It needs at least { $min } { $min ->
    [one] character
   *[other] characters
  }.
password-no-digit = The password has no Arabic digit. Add at least one, from 0 to 9.
password-digits-repeat = The password has the same digit twice in a row: “{ $pair }”. Change one of them or put a letter between them.
password-digits-sequence = In the password the digits “{ $pair }” stand side by side and run in sequence. Change one of them or put a letter between them.
password-common = This password is too well known: guessing starts with such ones. Make up another.
password-weak = This password is easy to guess. Make it longer, for example by adding another random word or two.
password-personal = The password holds your phone number, e-mail address or the name of the service. That is guessed first, so make up another.
password-control = The password holds an invisible control character. Type it again on the keyboard.
password-again-differs = The passwords differ. Enter the same one in both fields.
email-empty = Enter an e-mail address.
email-wrong = This is not a valid e-mail address. It should look like anna@example.com.
email-long = The address is too long. Check that nothing extra was pasted in.
email-characters = The address has characters that cannot be there, such as a space. Remove them.
email-taken = This address is already tied to another account. Sign in to that account or use another address.
sign-in-ended = Your session has ended: we close it when nothing happens for a while. Please sign in again.
phone-wait = We have already sent a code to this number. You can ask for another after { $time }.
password-wrong = This password is not right. Check the keyboard layout and Caps Lock.
sign-in-locked = There were too many failed tries, so unknown browsers cannot sign in until { $time }. If there is such an account, we have sent its owner a link by e-mail or SMS (once an hour at most): open it in this browser and sign in again. Where you have signed in before, everything works as usual.
unlock-title = Open sign-in in this browser
unlock-lead = Somebody typed a wrong password too many times, so we closed sign-in for unknown browsers. Press the button, and you can sign in here with your password.
unlock-gloss = to open sign-in in this browser
unlock-not-you = If you are not signing in right now, press nothing: your money and data are safe.
unlock-dead-title = This link no longer works
unlock-dead-text = The link works once and for 30 minutes. Try to sign in again: if sign-in is still closed, we will send a new link.
phone-day = Too many codes have been sent to this number today. You can ask for another after { $time }.
phone-crowd = There are too many requests right now, so we have paused. Ask for a code after { $time }.
