# Who is signed in, and what guards the account
header-security = Security
security-title = Security
security-lead = See who signed in to your account and from where, and close what should not be open.
security-back = Back to security
security-activity-text = All sign-ins, failed attempts and changes of the last 400 days.
security-activity-link = Open the journal
security-more-title = Password and questions
security-password-link = Change the password
security-questions-link = Security questions

browser-unknown = Unknown browser
place-address = IP address:

sessions-title = Where you are signed in
sessions-current = this browser
sessions-since = Signed in:
sessions-seen = Last used:
sessions-now = Open now
sessions-end = End
sessions-end-others = End all but this one
sessions-hint = If you do not recognise a sign-in, end it and change your password.

factor-title = Second factor
factor-is-off = Off. At the moment the password alone is enough to sign in. With a second factor nobody else gets in, even if they learn your password.
factor-is-on = On since
factor-begin-link = Turn on the second factor
factor-manage = Manage the second factor
factor-back = Back to the second factor
factor-codes-left = { $left ->
    [0] No recovery codes are left.
    [one] { $left } recovery code is left.
   *[other] { $left } recovery codes are left.
  }
factor-what = After the password we will also ask for a code from an app on your phone. The code changes every 30 seconds, and each one works only once.
factor-app = Any app for one-time codes (TOTP) will do: Google Authenticator, Aegis, FreeOTP, Yandex Key or a password manager. The phone needs no connection.
factor-password-hint = So that we know it is you who changes the protection
factor-begin-submit = Continue
factor-secret-title = Add the account to your app
factor-secret-open = Open the app for codes and choose “Add account”.
factor-secret-read = Point the camera at the QR code. Without a camera, type in the key: spaces and case do not matter.
factor-secret-type = Enter the code that the app shows below.
factor-qr = QR code with the key for the app
factor-secret-label = Key
factor-name-label = Name and account
factor-secret-kind = Kind of code: time-based (TOTP), SHA‑1, 6 digits, 30 seconds. Show the key to nobody: it makes the same codes.
factor-first-code-label = Code from the app, 6 digits
factor-on-submit = Turn on
factor-on-text = When you sign in, we ask for the password and a code from the app.
factor-off-title = Turn off the second factor
factor-off-text = If you are changing phones, turn the second factor off and on again straight away, with the new phone.
factor-off-link = Turn off
factor-off-lead = The password alone will be enough to sign in again. Recovery codes will stop working, and remembered browsers will be forgotten.
factor-off-submit = Turn off
factor-code-format = The code from the app has 6 digits. Check what you typed.
factor-first-code-wrong = The code did not match. Wait for the next one and check that the phone sets its time automatically.
factor-code-wrong = The code did not match. Each code works once: wait for the next one and enter it.
factor-either-code-format = Enter the 6 digits from the app or a recovery code: it looks like xxxx‑xxxx‑xx.

either-code-label = Code
either-code-hint = 6 digits from the app, or a recovery code

recovery-codes-title = Recovery codes
recovery-codes-why = They let you in when the phone is not at hand.
recovery-codes-link = Get new codes
recovery-codes-new-title = New recovery codes
recovery-codes-new-lead = You will get 10 new codes, and all earlier ones will stop working at once.
recovery-codes-submit = Get new codes
recovery-codes-once = This page is shown once. Print it or write the codes down.
recovery-codes-how = When the phone is not at hand, enter one of these codes instead of the one from the app. Each works once. Keep them apart from your password.
recovery-codes-lost = Did not get to write them down? Get new ones on the page of the second factor, and these will stop working.
recovery-codes-kept = I have kept the codes

browsers-title = Remembered browsers
browsers-lead = No code is asked for when you sign in from these browsers.
browsers-until = Remembered until:
browsers-forget = Forget

# The second step of signing in
second-step-title = Enter the code
second-step-lead = The password is right. Now enter the code from the app on your phone. You have 5 minutes.
second-step-remember = Remember this browser for 30 days and ask for no code here
second-step-lost = No phone at hand? Enter one of your recovery codes in the same field.
second-step-again = Start again
second-step-wrong = { $left ->
    [one] The code did not match. { $left } attempt is left. Each code works once.
   *[other] The code did not match. { $left } attempts are left. Each code works once.
  }
second-step-over-title = The time for the code is up
second-step-over-text = We wait 5 minutes for the code after the password, then we close the attempt. Enter your password again.
second-step-spent-title = No attempts are left
second-step-spent-text = The code did not match several times in a row, and we closed this sign-in. Check that the phone sets its time automatically, and start with the password.
