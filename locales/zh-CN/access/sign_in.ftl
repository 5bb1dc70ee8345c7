# Tabs and sign-in
tabs-label = 登录和注册
tab-sign-in = 登录
tab-registration = 注册
sign-in-title = 登录个人账户
login-label = 登录名
login-hint = 账号（ID）、电子邮箱或手机号
password-label = 密码
sign-in-submit = 登录
sign-in-forgotten = 忘记密码？
sign-in-only-registered = 只有已注册的用户才能登录。
sign-in-register = 立即注册

# Registration
registration-step = 第 { $step } 步，共 5 步
confirmation-number = 账号

# Errors: what is wrong and what to do
login-empty = 请输入账号、电子邮箱或手机号。
login-long = 登录名不会超过 { $max } 个字符。请检查是否粘贴了多余的内容。
sign-in-wrong = 登录名或密码不正确。请检查键盘布局和大写锁定，或找回密码。
sign-in-wait = 失败次数过多。请等 { $minutes } 分钟再试。
sign-in-network = 从您的网络地址（可能有其他人共用）尝试登录的次数过多。请等 { $minutes } 分钟再试，或换用其他网络（例如移动网络）登录。
sign-in-locked = 失败次数过多。在 { $time }之前，只能在以前登录过的浏览器中登录。如果该账户存在，我们已向其持有人发送链接（每小时最多一次）：请在此浏览器中打开。
unlock-title = 允许在此浏览器中登录
unlock-lead = 有人多次输入错误密码，因此我们关闭了陌生浏览器的登录。按下按钮后，您就可以在此浏览器中用密码登录。
unlock-gloss = “确认”
unlock-not-you = 如果您现在并没有登录，请不要按按钮：您的资金和数据是安全的。
unlock-dead-title = 链接已失效
unlock-dead-text = 该链接只能使用一次，有效期 30 分钟。请再次尝试登录：如果登录仍被关闭，我们会发送新链接。
recovery-by-mail = 有邮箱？通过电子邮箱恢复
recovered-title = 密码已更改
recovered-text = 您已在所有浏览器中退出登录，请用新密码登录。
factor-either-code-format = 请输入应用中的 6 位数字，或形如 xxxx‑xxxx‑xx 的恢复码。
either-code-label = 验证码
either-code-hint = 应用中的 6 位数字，或一个恢复码

# The second step of signing in
second-step-title = 输入验证码
second-step-lead = 密码正确。现在请输入手机应用中的验证码。您有 5 分钟时间。
second-step-remember = 在 30 天内记住此浏览器，不再要求验证码
second-step-lost = 手机不在身边？请在同一栏中输入一个恢复码。
second-step-none = 手机和恢复码都没有？请联系客服。
second-step-again = 重新登录
second-step-wrong = { $left ->
   *[other] 验证码不正确。还可以尝试 { $left } 次。每个验证码只能使用一次。
  }
second-step-over-title = 本次登录已关闭
second-step-over-text = 输入密码后我们等待验证码 5 分钟，每个验证码只能使用一次。如果时间已过，或您点击了两次，请重新输入密码。
second-step-spent-title = 尝试次数已用完
second-step-spent-text = 验证码多次不正确，我们已关闭这次登录。请确认手机时间为自动设置，然后重新输入密码。请核对手机时间：网站当前时间为 { $clock }。

# Lines of the activity
event-signed-in = 登录
event-sign-in-failed = 登录失败：密码不正确
event-code-failed = 登录失败：验证码不正确
event-signed-out = 退出

# Why one has to sign in, and where it leads
sign-in-wanted = 此页面属于个人账户，登录后即可打开。
sign-in-next = 登录后将打开您要访问的页面。
sign-in-unsaved = 内容没有保存。
sign-in-unsaved-nobody = 此浏览器当前没有登录。
sign-in-unsaved-twice = 如果您点击了两次按钮，第一次可能已经生效：请在登录后核对。
sign-in-unsaved-next = 请登录，之后会返回该表单。
sign-in-unsaved-kept = 请登录同一账户，表单将带着您填写的内容打开。
sign-in-unsaved-kept-but-secrets = 请登录同一账户，表单将带着您填写的内容打开（保密字段除外）。
sign-in-ended = 会话已结束，请重新登录。
session-ended-idle = 会话已结束：已有 30 分钟没有任何操作。
session-ended-absolute = 会话已结束：一次会话最长 12 小时。
session-ended-elsewhere = 会话已结束：已在其他浏览器中将其关闭。
session-ended-password = 会话已结束：密码已更改，之前的所有会话均已关闭。
session-ended-crowded = 会话已结束：您在其他浏览器中登录，而会话最多只能有十个。
session-ended-signed-out = 您已退出个人账户。
flash-already-signed-in = 您已经登录，无需再次登录。要使用其他账户，请先退出当前账户。
flash-password-first = 请先输入登录名和密码，然后再输入验证码。
