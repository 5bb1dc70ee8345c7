answers-wrong = { $left ->
    [one] The answers are not right. You have { $left } try left.
   *[other] The answers are not right. You have { $left } tries left.
  }

# The way back in: «Забыли пароль?»
recovery-title = Restore access
recovery-lead = Enter the e-mail address of your account. We will send you a message with the next steps.
recovery-submit = Restore
recovery-by-phone = No e-mail? Restore by phone
recovery-remembered = Remembered your password? Sign in
recovery-phone-title = Restore by phone
recovery-phone-lead = This way is for accounts without a confirmed e-mail address. We send you a code by text message and ask your security questions if you have chosen any. If you have none but gave an address, you can confirm it; if there is neither, support helps.
recovery-wait = We have already sent several messages. Check your inbox and spam folder, or try again after { $time }.
recovery-network = Account recovery was requested too often from your network’s address, which other people may share. You can ask for it from here after { $time }, and from another network, such as mobile internet, right now.
recovery-sms-network = Too many codes were requested from your network’s address, which other people may share. You can ask for a code from here after { $time }, and from another network, such as mobile internet, right now. If your account has an e-mail address, recover access by e-mail: that works from here too.
recovery-mailed-title = Check your e-mail
recovery-mailed-text = If we have an account with the address { $email }, a message will arrive within a few minutes. It has a link and a 6-digit code: either will do. They work for 30 minutes.
recovery-mailed-next = Open the link on any device, or enter the code here.
recovery-texted-title = Check your phone
recovery-texted-text = If we have an account with the number { $phone }, a text message will arrive within a few minutes. The code works for 5 minutes.
recovery-not-there = Nothing arrives? Look into your spam folder and check for a typing mistake. If there is no such account, we send nothing.
recovery-sms-not-there = Nothing arrives? Check that you have a signal and that the number is right. If there is no account with this number, we send nothing.
recovery-unconfirmed = If you gave this address but never confirmed it, no message will come.
recovery-unconfirmed-link = Get back in by phone
recovery-again = Enter something else or send the message again
recovery-step-title = Go on restoring access
recovery-step-text = You have opened the link in our message. Press the button to go on in this browser. After that the link will not work again.
recovery-not-you = If you did not ask for this, press nothing and close the page: your password stays the same.
recovery-questions-title = Answer your security questions
recovery-questions-text = You chose them yourself. We check all three answers together. Capital letters, extra spaces and punctuation make no difference.
recovery-password-title = New password
recovery-password-text = When you save it, you are signed out in all browsers. You will have to sign in again.
recovery-password-submit = Change password
password-same = This is your old password. Choose another.
recovery-confirm-title = Confirm your e-mail address first
recovery-confirm-text = Your phone number is confirmed, but a code from a text message alone is not enough: that is how we protect your money. You gave the address { $email } and never confirmed it. With it you can get back in like this:
recovery-confirm-1 = Press “Send the message”: it comes within a few minutes, so look in the spam folder too.
recovery-confirm-1-done = The message is sent. It comes within a few minutes, so look in the spam folder too.
recovery-confirm-2 = Open the link in it and press “Confirm”.
recovery-confirm-3 = Restore your password with this address:
recovery-confirm-else = If you no longer have this address
recovery-support-title = Access cannot be restored here
recovery-support-why = Your phone number is confirmed, but the account has neither an e-mail address nor security questions. A code from a text message alone is not enough to open it: that is how we protect your money.
recovery-support-what = Contact support and give them the reference number. They will find your request by it and check that the account is yours.
recovery-support-mail = Send the message
recovery-support-mail-again = Send the message again
flash-recovery-phone = This looks like a phone number: you can restore access by text message. Check the country and the number.
flash-recovery-confirmed = Your address is confirmed. Now restore your password with it: we will send one more message.
flash-recovery-mailed = The message to { $email } is sent.
recovery-support-reference = Reference number
recovery-support-next = The number is kept for 30 days. Our staff never ask for your password or for a code from a text message.
recovery-expired-title = The time is up
recovery-expired-text = The link and the code work only for a short while, so that nobody else can use them. Your password is still the same. Ask for a new message.
recovery-replaced-title = There is a newer message
recovery-replaced-text = You have asked for another message since, or access has already been restored. Open the newest one or start again.
recovery-used-title = This link has already been used
recovery-used-code-title = This code has already been used
recovery-used-text = It was used to go on in this browser or in another one: continue there. If you pressed the button twice, or if it was not you, start again: the password is still the old one.
recovery-used-code-text = It was used to go on in this browser or in another one: continue there. If you pressed the button twice, or if it was not you, start again: the password is still the old one.
recovery-done-text = The password has been changed by this link already. Sign in with the new one. If it was not you, start again at once, and check who else can read your mail.
recovery-closed-title = No tries are left
recovery-closed-text = The answers were wrong three times, and we stopped so that they cannot be guessed. Your password is still the same. Recall your answers and start again.
recovery-unknown-title = This link does not work
recovery-unknown-text = We do not know this link, or it is long out of date. Start again.
recovery-restart = Start again

# Lines of the activity
event-recovery-asked = Recovery of access requested
event-password-reset-mail = Password restored by e-mail
event-password-reset-sms = Password restored by text message
