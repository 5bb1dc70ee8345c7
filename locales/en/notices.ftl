# SMS: a code should fit into one message.
sms-registration-code = { $brand } (independent service, not Ant Group): code { $code }. Tell it to nobody.
sms-already-registered = { $brand }: this number already has an account. Sign in: { $url }
sms-unlock = { $brand }: someone got the password wrong many times. Was it you? Open sign-in, the link works for 30 minutes: { $url }

# The shell of mails
mail-number = Message number: { $number }
mail-code-label = Code:
mail-link-label = If the button does not work, copy this address into your browser:
mail-notice = { $brand } is an independent implementation that is not operated by Alipay or Ant Group. Please do not reply to this message.

mail-confirm-email-subject = Confirm your e-mail address
mail-confirm-email-body-1 = Hello! This address was given in account { $number }. To confirm it, press “Confirm” here and once more on the page that opens.
mail-confirm-email-body-2 = Reading this on another device? Then just enter the code in your account. The link and the code work for 24 hours.
mail-confirm-email-body-3 = If you did not ask for this, do nothing: without your confirmation the address will not be tied to the account.
mail-confirm-email-link = Confirm

mail-address-taken-subject = Someone tried to add your address to another account
mail-address-taken-body-1 = Hello! Someone tried to give this address in another { $brand } account. Nothing has changed: the address is still yours and signs in to your account only.
mail-address-taken-body-2 = If it was you, sign in to the account the address already belongs to. If not, there is nothing to do.
mail-address-taken-link = Sign in

mail-unlock-subject = Too many failed sign-ins
mail-unlock-body-1 = Hello! Someone has tried to sign in to your account with a wrong password many times, so sign-in from unknown devices is closed.
mail-unlock-body-2 = If it was you, open sign-in with the link. It works for 30 minutes, and your password stays the same.
mail-unlock-body-3 = If not, there is nothing to do: nobody got in.
mail-unlock-link = Open sign-in

mail-new-device-subject = Sign-in from a new device
mail-new-device-body-1 = Hello! Someone signed in to your account { $number } from a device we have not seen before: { $moment }, IP address { $address }.
mail-new-device-body-2 = If it was you, all is well. If not, sign in and change your password.
mail-new-device-link = Sign in
