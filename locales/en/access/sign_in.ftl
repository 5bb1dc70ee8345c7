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
confirmation-number = Account ID

# Errors: what is wrong and what to do
login-empty = Enter your account ID, e-mail address or phone number.
login-long = A login is never longer than { $max } { $max ->
    [one] character
   *[other] characters
  }. Check that nothing extra was pasted in.
sign-in-wrong = Wrong login or password. Check the keyboard layout and Caps Lock, or restore your password.
sign-in-wait = Too many failed tries. Wait { $minutes } { $minutes ->
    [one] minute
   *[other] minutes
  } and try again.
sign-in-network = There were too many tries to sign in from your network’s address, which other people may share. Wait { $minutes } { $minutes ->
    [one] minute
   *[other] minutes
  } and try again, or sign in from another network, such as mobile internet.
sign-in-locked = Too many failed tries. Until { $time } you can sign in only where you have signed in before. If there is such an account, we have sent its owner a link (once an hour at most): open it in this browser.
unlock-title = Allow sign-in in this browser
unlock-lead = Somebody typed a wrong password too many times, so we closed sign-in for unknown browsers. Press the button, and you can sign in here with your password.
unlock-gloss = to allow sign-in in this browser
unlock-not-you = If you are not signing in right now, press nothing: your money and data are safe.
unlock-dead-title = This link no longer works
unlock-dead-text = The link works once and for 30 minutes. Try to sign in again: if sign-in is still closed, we will send a new link.
recovery-by-mail = You have an e-mail address? Restore by e-mail
recovered-title = Your password is changed
recovered-text = You are signed out in all browsers. Sign in with the new password.
factor-either-code-format = Enter the 6 digits from the app or a recovery code: it looks like xxxx‑xxxx‑xx.
either-code-label = Code
either-code-hint = 6 digits from the app, or a recovery code

# The second step of signing in
second-step-title = Enter the code
second-step-lead = The password is right. Now enter the code from the app on your phone. You have 5 minutes.
second-step-remember = Remember this browser for 30 days and ask for no code here
second-step-lost = No phone at hand? Enter one of your recovery codes in the same field.
second-step-none = Neither the phone nor recovery codes? Contact support.
second-step-again = Start again
second-step-wrong = { $left ->
    [one] The code did not match. { $left } attempt is left. Each code works once.
   *[other] The code did not match. { $left } attempts are left. Each code works once.
  }
second-step-over-title = This attempt to sign in is closed
second-step-over-text = We wait 5 minutes for the code after the password, and each code works once. If the time is up, or you pressed the button twice, enter your password again.
second-step-spent-title = No attempts are left
second-step-spent-text = The code did not match several times in a row, and we closed this sign-in. Check that the phone sets its time automatically, and start with the password. Check the clock of your phone: here it is { $clock }.

# Lines of the activity
event-signed-in = Signed in
event-sign-in-failed = Sign-in failed: wrong password
event-code-failed = Sign-in failed: wrong code
event-signed-out = Signed out

# Why one has to sign in, and where it leads
sign-in-wanted = This page is part of your account: sign in and it will open.
sign-in-next = The page you wanted will open once you have signed in.
sign-in-unsaved = Nothing was saved.
sign-in-unsaved-nobody = Nobody is signed in in this browser now.
sign-in-unsaved-twice = If you pressed the button twice, the first press may have worked: check when you are signed in.
sign-in-unsaved-next = Sign in and we will take you back to the form.
sign-in-unsaved-kept = Sign in to the same account, and the form will open with what you typed.
sign-in-unsaved-kept-but-secrets = Sign in to the same account, and the form will open with what you typed, except for the secret fields.
sign-in-ended = Your session has ended. Please sign in again.
session-ended-idle = Your session has ended: nothing happened in it for 30 minutes.
session-ended-absolute = Your session has ended: it lasts 12 hours at most.
session-ended-elsewhere = Your session has ended: it was ended from another browser.
session-ended-password = Your session has ended: the password was changed, and we closed all earlier sessions.
session-ended-crowded = Your session has ended: you signed in from other browsers, and there can be ten sessions at most.
session-ended-signed-out = You have signed out.
flash-already-signed-in = You are already signed in, there is no need to do it again. To use another account, sign out of this one first.
flash-password-first = The code comes after the password. Enter your login and password.
