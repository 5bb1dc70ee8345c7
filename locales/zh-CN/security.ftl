# Who is signed in, and what guards the account
header-security = 安全
security-title = 安全
security-lead = 在这里可以看到谁、从哪里登录了您的账户，也可以结束不需要的登录。
security-back = 返回安全页面
security-activity-text = 最近 400 天的所有登录、失败尝试和更改。
security-activity-link = 打开日志
security-more-title = 密码和安全问题
security-password-link = 修改密码
security-questions-link = 安全问题

browser-unknown = 未知浏览器
place-address = IP 地址：

sessions-title = 登录位置
sessions-current = 当前浏览器
sessions-since = 登录时间：
sessions-seen = 最近使用：
sessions-now = 正在使用
sessions-end = 结束
sessions-end-others = 结束其他所有登录
sessions-hint = 如果有您不认识的登录，请结束它并修改密码。

factor-title = 双重验证
factor-is-off = 未开启。目前只需密码即可登录。开启双重验证后，别人即使知道密码也无法登录。
factor-is-on = 已开启，自
factor-begin-link = 开启双重验证
factor-manage = 管理双重验证
factor-back = 返回双重验证
factor-codes-left = { $left ->
    [0] 恢复码已用完。
   *[other] 还剩 { $left } 个恢复码。
  }
factor-what = 输入密码后，我们还会要求输入手机应用中的验证码。验证码每 30 秒变化一次，每个只能使用一次。
factor-app = 任何一次性验证码（TOTP）应用都可以：Google Authenticator、Aegis、FreeOTP、Yandex Key 或密码管理器。手机无需联网。
factor-password-hint = 以便确认是您本人在更改保护设置
factor-begin-submit = 继续
factor-secret-title = 将账户添加到应用
factor-secret-open = 打开验证码应用，选择“添加账户”。
factor-secret-read = 用摄像头扫描二维码。没有摄像头时，请手动输入密钥：空格和大小写不影响。
factor-secret-type = 在下方输入应用显示的验证码。
factor-qr = 包含应用密钥的二维码
factor-secret-label = 密钥
factor-name-label = 名称和账户
factor-secret-kind = 验证码类型：基于时间（TOTP），SHA‑1，6 位数字，30 秒。请勿向任何人展示密钥：用它可以生成同样的验证码。
factor-first-code-label = 应用中的验证码，6 位数字
factor-on-submit = 开启
factor-on-text = 登录时，我们会要求输入密码和应用中的验证码。
factor-off-title = 关闭双重验证
factor-off-text = 如果要更换手机，请先关闭双重验证，再立即在新手机上重新开启。
factor-off-link = 关闭
factor-off-lead = 之后只需密码即可登录。恢复码将失效，已记住的浏览器将被忘记。
factor-off-submit = 关闭
factor-code-format = 应用中的验证码是 6 位数字。请检查输入。
factor-first-code-wrong = 验证码不正确。请等待下一个验证码，并确认手机时间为自动设置。
factor-code-wrong = 验证码不正确。每个验证码只能使用一次：请等待下一个再输入。
factor-either-code-format = 请输入应用中的 6 位数字，或形如 xxxx‑xxxx‑xx 的恢复码。

either-code-label = 验证码
either-code-hint = 应用中的 6 位数字，或一个恢复码

recovery-codes-title = 恢复码
recovery-codes-why = 手机不在身边时，可以用它们登录。
recovery-codes-link = 获取新的恢复码
recovery-codes-new-title = 新的恢复码
recovery-codes-new-lead = 您将获得 10 个新恢复码，之前的恢复码会立即失效。
recovery-codes-submit = 获取新的恢复码
recovery-codes-once = 此页面只显示一次。请打印或抄写这些恢复码。
recovery-codes-how = 手机不在身边时，请输入其中一个恢复码代替应用中的验证码。每个只能使用一次。请与密码分开保管。
recovery-codes-lost = 没来得及记下？可以在双重验证页面获取新的恢复码，这些将会失效。
recovery-codes-kept = 已记下恢复码

browsers-title = 已记住的浏览器
browsers-lead = 从这些浏览器登录时不要求验证码。
browsers-until = 记住至：
browsers-forget = 忘记

# The second step of signing in
second-step-title = 输入验证码
second-step-lead = 密码正确。现在请输入手机应用中的验证码。您有 5 分钟时间。
second-step-remember = 在 30 天内记住此浏览器，不再要求验证码
second-step-lost = 手机不在身边？请在同一栏中输入一个恢复码。
second-step-again = 重新登录
second-step-wrong = { $left ->
   *[other] 验证码不正确。还可以尝试 { $left } 次。每个验证码只能使用一次。
  }
second-step-over-title = 输入验证码的时间已过
second-step-over-text = 输入密码后我们等待验证码 5 分钟，之后会关闭这次登录。请重新输入密码。
second-step-spent-title = 尝试次数已用完
second-step-spent-text = 验证码多次不正确，我们已关闭这次登录。请确认手机时间为自动设置，然后重新输入密码。
