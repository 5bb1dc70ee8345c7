# SMS: a code should fit into one message.
sms-registration-code = { $brand } (not Ant Group): code { $code } - tell it to nobody.
sms-already-registered = { $brand } (not Ant Group): this number already has an account. Sign in: { $url }
sms-unlock = { $brand } (not Ant Group): many wrong passwords. Was it you? Allow sign-in within 30 minutes: { $url }
sms-recovery-code = { $brand } (not Ant Group): recovery code { $code } - tell it to nobody.
sms-recovery-by-mail = { $brand } (not Ant Group): your account has an e-mail address, restore access with it: { $url }
sms-password-reset = { $brand } (not Ant Group): your password was changed. Not you? Restore access: { $url }
sms-questions-changed = { $brand } (not Ant Group): your security questions were changed. Not you? Change your password: { $url }
sms-questions-set = { $brand } (not Ant Group): security questions were set. Not you? Change your password: { $url }

# The shell of mails
mail-number = Message number: { $number }
mail-verify = Check whether this message is from us:
mail-code-label = Code:
mail-link-label = If the button does not work, copy this address into your browser:
mail-notice = This e-mail was sent by the independent site { $host }. It does not belong to Alipay or Ant Group. There is no need to reply.{ $support ->
    [none] {""}
   *[other] {" "}Support: { $support }.
 }

mail-confirm-email-subject = Confirm your e-mail address
mail-confirm-email-body-1 = Hello! This address was given in account { $number }. To confirm it, press “Confirm” here and once more on the page that opens.
mail-confirm-email-body-2 = Signed in on another device? Then simply enter the code there. The link and the code work for 24 hours.
mail-confirm-email-body-3 = If you did not ask for this, do nothing: without your confirmation the address will not be added to the account.
mail-confirm-email-link = Confirm

mail-address-taken-subject = Someone tried to add your address to another account
mail-address-taken-body-1 = Hello! Someone tried to give this address in another account on our site. Nothing has changed: the address is still yours and signs in to your account only.
mail-address-taken-body-2 = If it was you, sign in to the account the address already belongs to. If not, there is nothing to do.
mail-address-taken-link = Sign in

mail-unlock-subject = Too many failed sign-ins
mail-unlock-body-1 = Hello! Someone has tried to sign in to your account with a wrong password many times, so sign-in from unknown devices is closed.
mail-unlock-body-2 = If it was you, allow sign-in by the link. It works for 30 minutes, and your password stays the same.
mail-unlock-body-3 = If not, there is nothing to do: nobody got in.
mail-unlock-link = Allow sign-in

sms-new-browser = { $brand } (not Ant Group): a sign-in from a new device. Not you? Change your password: { $url }
mail-new-browser-subject = Sign-in from a new device
mail-new-browser-body-1 = Hello! Someone signed in to your account { $number } from a device we have not seen before: { $moment }, IP address { $ip }.
mail-new-browser-body-2 = If it was you, all is well. If not, sign in and change your password.
mail-new-browser-link = Change the password

sms-factor-on = { $brand } (not Ant Group): two-step sign-in is on. Not you? Change your password: { $url }
sms-factor-off = { $brand } (not Ant Group): two-step sign-in is off. Not you? Change your password: { $url }
sms-backup-codes-made = { $brand } (not Ant Group): new recovery codes were made. Not you? Change your password: { $url }
sms-backup-code-used = { $brand } (not Ant Group): a recovery code was used. Not you? Change your password: { $url }

mail-factor-on-subject = Two-step sign-in is on
mail-factor-on-body-1 = Hello! Two-step sign-in was turned on in account { $number }: { $moment }, IP address { $ip }. From now on we also ask for a code from the app when you sign in.
mail-factor-on-body-2 = If it was you, all is well. If not, change the password straight away and check where the account is signed in.
mail-factor-on-link = Change the password

mail-factor-off-subject = Two-step sign-in is off
mail-factor-off-body-1 = Hello! Two-step sign-in was turned off in account { $number }: { $moment }, IP address { $ip }. The password alone is now enough to sign in.
mail-factor-off-body-2 = If it was you, all is well. If not, change the password straight away, end the unknown sessions and turn two-step sign-in on again.
mail-factor-off-link = Change the password

mail-backup-codes-made-subject = New recovery codes were made
mail-backup-codes-made-body-1 = Hello! New recovery codes were made for account { $number }: { $moment }, IP address { $ip }. The earlier ones no longer work.
mail-backup-codes-made-body-2 = If it was you, all is well. If not, change the password straight away and end the unknown sessions.
mail-backup-codes-made-link = Change the password

mail-backup-code-used-subject = A recovery code was used
mail-backup-code-used-body-1 = Hello! A recovery code was used in account { $number }: { $moment }, IP address { $ip }.
mail-backup-code-used-body-2 = { $left ->
    [0] No unused codes are left. Get new ones on the security page.
    [one] { $left } unused code is left.
   *[other] { $left } unused codes are left.
  }
mail-backup-code-used-body-3 = If it was you, all is well. If not, change the password straight away and get new codes.
mail-backup-code-used-link = Change the password

# Changes of access: SMS to the phone, and what they are called in the list of messages
sms-registration-code-subject = Code for registering
sms-already-registered-subject = Someone tried to register this number again
sms-phone-code-subject = Code for confirming a phone
sms-phone-taken-subject = Someone tried to add this number to another account
sms-recovery-code-subject = Code for getting back in
sms-recovery-by-mail-subject = Your access is restored by e-mail
sms-phone-code = { $brand } (not Ant Group): code { $code } to change the phone - tell it to nobody.
sms-phone-taken = { $brand } (not Ant Group): someone gave your number in another account. Nothing has changed for you. Sign in: { $url }
sms-email-added = { $brand } (not Ant Group): e-mail { $value } was added. Not you? Change your password: { $url }
sms-email-changed = { $brand } (not Ant Group): your e-mail is now { $value }. Not you? Change your password: { $url }
sms-email-removed = { $brand } (not Ant Group): e-mail { $value } was removed. Not you? Change your password: { $url }
sms-phone-changed = { $brand } (not Ant Group): your phone is now { $value }. Not you? Sign in by e-mail and change your password: { $url }
sms-phone-removed = { $brand } (not Ant Group): the phone { $value } was removed from your account. Not you? Change your password: { $url }
sms-password-changed = { $brand } (not Ant Group): your password was changed. Not you? Restore your access: { $url }
sms-sms-preferences-changed = { $brand } (not Ant Group): your SMS settings were changed. Not you? Change your password: { $url }

mail-email-added-subject = E-mail address added to your account
mail-email-added-body-1 = Hello! The e-mail address { $value } was added to account { $number }: { $moment }, IP address { $ip }. Messages now go there; you can sign in and restore your password with it.
mail-email-added-body-2 = If it was you, all is well. If not, sign in at once and change your password; if you cannot sign in, restore your access.
mail-email-added-link = Change the password

mail-email-changed-subject = New e-mail address in your account
mail-email-changed-body-1 = Hello! A new e-mail address, { $value }, was confirmed in account { $number }: { $moment }, IP address { $ip }. Messages now go there.
mail-email-changed-body-2 = If it was you, all is well. If not, sign in at once and change your password; if you cannot sign in, restore your access.
mail-email-changed-link = Change the password

mail-email-removed-subject = Your e-mail address was removed
mail-email-removed-body-1 = Hello! The address { $value } was removed from account { $number }: { $moment }, IP address { $ip }. No more messages go there, and it does not sign in any more.
mail-email-removed-body-2 = If it was you, all is well. If not, sign in at once and change your password; if you cannot sign in, restore your access.
mail-email-removed-link = Change the password

mail-phone-changed-subject = Your phone was changed
mail-phone-changed-body-1 = Hello! A new phone, { $value }, was confirmed in account { $number }: { $moment }, IP address { $ip }. Text messages now go there.
mail-phone-changed-body-2 = If it was you, all is well. If not, sign in at once and change your password; if you cannot sign in, restore your access.
mail-phone-changed-link = Change the password

mail-phone-removed-subject = Your phone was removed
mail-phone-removed-body-1 = Hello! The phone { $value } was removed from account { $number }: { $moment }, IP address { $ip }. No more text messages go there, and it does not sign in any more.
mail-phone-removed-body-2 = If it was you, all is well. If not, sign in at once and change your password; if you cannot sign in, restore your access.
mail-phone-removed-link = Change the password

mail-password-changed-subject = Your password was changed
mail-password-changed-body-1 = Hello! The password of account { $number } was changed: { $moment }, IP address { $ip }. Sessions in all other browsers have ended.
mail-password-changed-body-2 = If it was you, all is well. If not, restore your access with the link straight away.
mail-password-changed-link = Restore access

mail-sms-preferences-changed-subject = Your text message settings were changed
mail-sms-preferences-changed-body-1 = Hello! The text message settings of account { $number } were changed: { $moment }, IP address { $ip }. E-mail and the activity log stay in any case.
mail-sms-preferences-changed-body-2 = If it was you, all is well. If not, sign in at once and change your password; if you cannot sign in, restore your access.
mail-sms-preferences-changed-link = Change the password

mail-recovery-subject = Restore your access
mail-recovery-body-1 = Hello! Somebody asked to restore access to account { $number }. The request came from IP address { $ip }.
mail-recovery-body-2 = If it was you, open the link and press the button on the page, or enter the code where you asked for it. The link and the code work for 30 minutes and only once.
mail-recovery-body-3 = If not, do nothing: your password stays the same. Do not forward this message and do not tell anyone the code.
mail-recovery-link = Restore access

mail-password-reset-subject = Your password was changed
mail-password-reset-body-1 = Hello! The password of account { $number } was restored: { $moment }, IP address { $ip }. The account is signed out everywhere, and only the new password opens it.
mail-password-reset-body-2 = If it was you, there is nothing to do. If not, restore access at once by the link, and check who else can read your mail.
mail-password-reset-link = Restore access

mail-invite-subject = Your account is ready
mail-invite-body-1 = Hello! We have opened account { $number } for you: it shows where the money for your purchases is. To start using it, press “Confirm” here and once more on the page that opens.
mail-invite-body-2 = Reading this on another device? Open { $page } and enter this e-mail address and the code. The link and the code work for 24 hours.
mail-invite-body-3 = If you do not need an account, do nothing: without your consent it will not work.
mail-invite-link = Confirm

mail-already-invited-subject = You already have an account
mail-already-invited-body-1 = Hello! This address was given to open a new account, but you already have one: { $number }. You do not need another: your purchases will appear in this one.
mail-already-invited-body-2 = Sign in as usual. If you have forgotten your password, press “Forgot your password?” on the sign-in page.
mail-already-invited-link = Sign in

mail-questions-changed-subject = Your security questions were changed
mail-questions-changed-body-1 = Hello! New security questions were set in account { $number }: { $moment }, IP address { $ip }.
mail-questions-changed-body-2 = If it was you, all is well. If not, sign in, change your password and your questions.
mail-questions-changed-link = Change the password
mail-questions-set-subject = Your security questions were set
mail-questions-set-body-1 = Hello! Security questions were set in account { $number }: { $moment }, IP address { $ip }. With them a forgotten password can be replaced.
mail-questions-set-body-2 = If it was you, all is well. If not, sign in, change your password and your questions.
mail-questions-set-link = Change the password

# Cards
sms-card-charged = { $brand } (not Ant Group): card { $card }: enter the amount charged; we return it within 24 hours. { $url }
mail-card-charged-subject = Enter the amount charged to add your card
mail-card-charged-body-1 = Hello! The card { $card } was added to account { $number }. To check it we charged a small amount.
mail-card-charged-body-2 = Find the amount in your bank’s message and enter it on the card’s page. We return the money by { $by }, even if you do nothing.
mail-card-charged-body-3 = If you did not add the card, sign in, remove it and change your password.
mail-card-charged-link = Enter the amount
sms-card-confirmed = { $brand } (not Ant Group): card { $card } is confirmed. Not you? { $url }
mail-card-confirmed-subject = The card is confirmed
mail-card-confirmed-body-1 = Hello! The card { $card } in account { $number } is confirmed and ready to pay with. We are returning the verification charge.
mail-card-confirmed-body-2 = If it was not you, sign in, remove the card and change your password.
mail-card-confirmed-link = See the card
sms-card-failed = { $brand } (not Ant Group): card { $card } was not added. Details: { $url }
mail-card-failed-subject = The card was not added
mail-card-failed-body-1 = Hello! The card { $card } could not be added to account { $number }. { $reason }
mail-card-failed-body-2 = If money was taken, we are returning it: the card’s page shows where it is.
mail-card-failed-link = Where is my money
card-verification-sum = the verification charge
sms-card-returned = { $brand } (not Ant Group): we returned { $sum } to card { $card }. More: { $url }
mail-card-returned-subject = The verification charge is back
mail-card-returned-body-1 = Hello! We returned { $sum } to the card { $card } (account { $number }).
mail-card-returned-body-2 = Your bank shows the refund at once or within a few days: that is up to the bank.
mail-card-returned-link = See the card
sms-card-dropped = { $brand } (not Ant Group): adding card { $card } was cancelled. Not you? Change your password: { $url }
mail-card-dropped-subject = Adding a card was cancelled
mail-card-dropped-body-1 = Hello! Adding the card { $card } to account { $number } was cancelled.
mail-card-dropped-body-2 = If the check charge has been taken already, it will come back to the card. If this was not you, sign in and change your password.
mail-card-dropped-link = Change the password

sms-card-unbound = { $brand } (not Ant Group): card { $card } was removed. Not you? Change your password: { $url }
mail-card-unbound-subject = The card was removed
mail-card-unbound-body-1 = Hello! The card { $card } was removed from account { $number }.
mail-card-unbound-body-2 = If it was not you, sign in and change your password. A verification charge that has not come back yet returns to a removed card too.
mail-card-unbound-link = Change the password
sms-card-expiring = { $brand } (not Ant Group): card { $card } is good through { $by }. Add the new one: { $url }
mail-card-expiring-subject = Your card expires soon
mail-card-expiring-body-1 = Hello! The card { $card } in account { $number } is good through { $by }. After that it cannot pay.
mail-card-expiring-body-2 = When your bank has issued a new one, add it under “Bank cards”.
mail-card-expiring-link = See the card
mail-money-stuck-subject = Money does not move: an operator is needed
mail-money-stuck-body-1 = The verification charge of { $sum } on card { $card } (account { $number }) has not come to its end since { $since }. The cardholder was promised the money back by { $by }.
mail-money-stuck-body-2 = What the gateway says: { $reason }. The portal keeps asking under the same operation; nothing is charged or returned twice.
mail-money-stuck-body-3 = The command kabinet cards stuck shows all that waits for an operator.
mail-money-stuck-link = Open the portal
message-state-queued = Waiting to be sent
message-state-again = Waiting to be sent: the first try failed, and we are trying again
message-state-sending = Being sent
message-state-sent = Sent
message-state-delivered = Delivered
message-state-undelivered = Not delivered: the phone did not take the message
message-state-late = Not delivered: it could not be sent in time, and later it would have been of no use
message-state-address = Not delivered: no message can be sent to such an address or number
message-state-refused = Not delivered: the mail server or the phone company refused it. Check the address or number in your profile
message-state-unreachable = Not delivered: the mail server or the phone company did not answer
message-state-broken = Not delivered because of an error of ours
verify-lead = Every e-mail of ours has a number at the bottom. Enter it, and we will tell you whether we sent such a message. We do not show to whom.
verify-label = Message number
verify-hint = For example, 7Q3KM-0F9TX. Case, spaces and hyphens do not matter
verify-submit = Check
verify-ours = We did send message { $number }
verify-about = What about
verify-channel = How
verify-mail = E-mail
verify-sms = Text message
verify-day = When
verify-compare = Compare this with what you received: a number is easily copied from somebody else’s message. If yours is about something else, came on another day, or asks for a code, a password or card details, it is not from us.
verify-unknown = We have no message { $number }
verify-unknown-text = Check for a typing mistake. We remember messages for 90 days: older ones cannot be checked. If the number is right and the message is recent, it is not from us.
verify-do-nothing = Do not open links or attachments, and do not reply.
verify-do-password = If you have already typed your password somewhere, change it in your profile.
verify-do-delete = Mark the e-mail as spam and delete it.
verify-links = Links in our e-mails begin with { $site } and nothing else
verify-empty = Enter the message number.
verify-format = The number has ten Latin letters and digits, for example 7Q3KM-0F9TX. Check what you typed.
