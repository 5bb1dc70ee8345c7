
profile-title = Profile
profile-none = Not given
profile-name = Name
profile-name-link = Change the name
profile-email = E-mail address
profile-email-link = Change the address
profile-pending = Waiting to be confirmed: { $value }.
profile-phone = Phone
profile-phone-link = Change the phone
profile-phone-add = Add a phone
profile-language = Language
profile-language-link = Change the language
profile-zone = Time zone
profile-zone-link = Change the time zone
profile-password = Password
profile-questions = Getting back in
profile-questions-link = Control questions
profile-security-link = Sessions, second factor and journal
profile-messages = Messages
profile-save = Save
next-profile = Back to the profile

name-title = Name
name-lead = This is how we address you. It need not be the name in your passport, and nobody but you sees it here.
name-label = What should we call you?
name-hint = Up to 60 characters, for example Anna
name-empty = Enter a name with at least one letter in it.
name-long = This is too long: there is room for { $max } { $max ->
    [one] character
   *[other] characters
  }.
name-control = There is an invisible control character in the name. Type it again on the keyboard.
name-number = This looks like a card or phone number. Never type one where nobody asks for it: a name belongs here.
name-link = This looks like the address of a site or a mailbox. A name belongs here.

language-title = Language
language-lead = The pages of your account, mails and text messages will be in this language.
language-wrong = Choose a language from the list.

zone-title = Time zone
zone-lead = Times on pages, in mails and in text messages follow it. Cities of Russia come first, then the rest of the world by country.
zone-wrong = Choose a time zone from the list.
zone-russia = Russia
zone-europe = Europe
zone-asia = Asia
zone-america = The Americas
zone-africa = Africa
zone-australia = Australia
zone-pacific = Pacific Ocean
zone-atlantic = Atlantic Ocean
zone-indian = Indian Ocean
zone-kaliningrad = Kaliningrad
zone-moscow = Moscow, Saint Petersburg, Kazan
zone-samara = Samara, Saratov, Izhevsk
zone-yekaterinburg = Yekaterinburg, Chelyabinsk, Ufa
zone-omsk = Omsk
zone-krasnoyarsk = Krasnoyarsk, Novosibirsk, Tomsk
zone-irkutsk = Irkutsk, Ulan-Ude
zone-yakutsk = Yakutsk, Chita, Blagoveshchensk
zone-vladivostok = Vladivostok, Khabarovsk
zone-magadan = Magadan, Yuzhno-Sakhalinsk
zone-kamchatka = Petropavlovsk-Kamchatsky, Anadyr

# A new password
new-password-change-title = Change the password
new-password-ends = Once the password has changed, you are signed out of every other browser and device. Here you stay signed in.
current-password-label = The password you use now
changed-password-label = New password
changed-again-label = The new password once more
password-changed-title = The password has been changed
password-changed-text = All other sessions have ended, and links from earlier messages no longer work. We have sent you a message about it.

# A new phone
phone-title = Phone
phone-current = Your confirmed number is
phone-replace-text = To replace it, enter a new one. The old number stays in force until the new one is confirmed. We will text the old number about the change.
phone-why = With a phone you can sign in and get text messages about your transactions.
phone-pending = We are waiting for { $phone } to be confirmed.
phone-pending-link = Enter the code from the text message
phone-password-hint = So that we know it is you who is changing the phone
phone-same = This number is already confirmed. Enter another.
phone-code-submit = Confirm the number
phone-code-not-there = No message? Wait a couple of minutes and check that you have a signal. If the number belongs to another account, a message that explains this comes instead of a code.
phone-changed-title = The phone is confirmed
phone-changed-text = Text messages will now come to the new number, and you can sign in with it. We have told your e-mail address and the old number about the change, if you had them.

# Taking an address or a phone away
removal-email-title = Remove the e-mail address
removal-email-text = No more mail will come, and you will not be able to sign in with this address. The phone stays: we will text you about anything important.
removal-email-only = This address is the only way to reach you, so it cannot be removed. First add and confirm a phone.
removal-phone-title = Remove the phone
removal-phone-text = No more text messages will come, and you will not be able to sign in with this number. The e-mail address stays: we will write to it about anything important.
removal-phone-only = This number is the only way to reach you, so it cannot be removed. First add and confirm an e-mail address.
removal-nothing = There is nothing to remove.
removal-password-hint = So that we know it is you
removal-submit = Remove
