# The shell of every page, refusals, links that many pages share.
-marketplace = AliExpress

brand-independent = independent account
title-ending = { $brand }, independent account
independence = This site does not belong to Alipay or Ant Group and is not connected with them.
support-lead = Support:
support-none = The operator of this site has not said how to reach support.
support-operator = The site is run by { $operator }. Postal address: { $address }.

skip-link = Skip to content
header-languages = Language
header-account = Your account
header-cards = Cards
header-number = Account
header-sign-out = Sign out
footer-label = About this service
footer-help = Help
footer-privacy = Privacy policy
footer-opened = Page opened on { $at }.
footer-independence = This site does not belong to Alipay or Ant Group and is not connected with them.{ $operator ->
    [none] {""}
   *[other] {" "}It is run by { $operator }, { $address }.
  }

errors-title = What needs correcting
colon = :
full-stop = .
error-mark = Error:
continue-submit = Continue
sandbox-hint = This is a trial installation: the message was not sent anywhere. You can read it in the sandbox:

next-home = Go to the home page
next-cabinet = Go to your account
next-sign-in = Sign in
next-registration = Go to registration
next-help = Help
next-again = Try again

refusal-request = Request number:
refusal-retry = Try again after { $time }.
refusal-not-found-title = There is no such page
refusal-not-found-text = The address may be mistyped, or the link may be old. Check the address or start from the home page.
refusal-forbidden-title = You cannot open this page
refusal-forbidden-text = Your account has no access to this page. If you are signed in to the wrong account, sign out and sign in again.
refusal-stale-title = This form is out of date
refusal-stale-text = The page was open for too long, or your browser does not keep cookies. We have taken nothing and changed nothing. Open the page again and fill it in once more. If that does not help, allow cookies for this site.
refusal-sign-in-title = Sign in first
refusal-sign-in-text = This page is part of your account. If you had signed in before, your session has ended: we close it after a while without activity, so that nobody else can use it.
refusal-too-many-title = Too many tries
refusal-too-many-text = We have paused: there were too many requests in a short time. Nothing is lost, your money and data are where they were; just wait a little.
refusal-network-text = Too many requests came from your network’s address, which other people may share, and we have paused. Nothing is lost, your money and data are where they were. Wait a little, or open the page from another network, such as mobile internet.
refusal-broken-title = Something broke on our side
refusal-broken-text = This is our mistake, not yours. Nothing was charged and no money was moved. Try again in a minute. If it still fails, write down the request number: it will lead us to the cause.
refusal-busy-title = We cannot answer right now
refusal-busy-text = There are too many requests, or we have a short outage. Nothing was charged or changed. Wait half a minute and try again.
refusal-unsure-title = We do not know whether it was saved
refusal-unsure-text = The answer did not come in time, and we do not know whether what you sent was saved. Wait half a minute, open your account and see what has changed before you send it again.
refusal-bad-request-title = We could not read the request
refusal-bad-request-text = The browser sent something we could not understand, so nothing has changed. Go back to the previous page, reload it and try again.
refusal-wrong-host-title = Your account is not at this address
refusal-wrong-host-text = You have opened the site at an address that is not ours. Do not type anything on this page. Follow the link below: it leads to our real address.
refusal-encoded-title = The data came compressed
refusal-encoded-text = We do not accept compressed data, so nothing has changed. Browsers do not send it: if a program sends the form, switch compression off there. If this happened in a browser, turn its extensions off and send the form again.
refusal-too-large-title = Too much data
refusal-too-large-text = The form held more text than we accept, so nothing was saved. Go back and make the text shorter.
refusal-method-title = This page does not open like that
refusal-method-text = This address cannot be opened like that: neither by a link nor by a form that is sent to it. Nothing has changed. Start from the home page.
refusal-slow-title = The request took too long
refusal-slow-text = The connection was so slow that we stopped waiting. Nothing has changed. Check your connection and send the form again.

# What an answer has the next page say
field-again = Enter it again: after a mistake this field is emptied.
old-form-nothing = This page had expired, so we have refreshed it. Nothing was saved.
old-form-ended = Your session had ended, so the form was not sent. Nothing was saved.
old-form-check = Please check the form and send it again.
old-form-fill = Please fill in the form and send it again.
old-form-secrets = To be entered again: { $what }.
old-form-password = password
old-form-code = code
old-form-card-number = card number
old-form-card-expiry = expiry date
old-form-card-code = security code
old-form-answers = answers to the questions
old-form-sum = amount
old-form-button = This page had expired, so we have refreshed it. Nothing was done: if you still need this, press the button again.
old-form-elsewhere = The page that the form was sent from had expired. Nothing was done. Please go on from here.
flash-other-account = That form was opened from another account. Nothing was done, and nothing typed there was carried over.
flash-step-elsewhere = That step is already done or has not begun yet. Please go on from here.
flash-done-already = This has been done already; nothing changed the second time.
