email-label = 电子邮箱
email-hint = 例如 anna@example.com
email-code-label = 6 位数字验证码
confirmation-address = 邮箱
confirmation-gloss = “确认”

# An account that waits for its owner
invitation-step = 第 { $step } 步，共 3 步
invitation-title = 您的账户已准备好
invitation-text = 我们为您开立了账户，您的购物记录会与其关联。请按下按钮确认邮箱。之后我们会征求您的同意，并请您设置密码和安全问题。
invitation-not-you = 如果您没有购物，也不需要账户，关闭页面即可：没有您的同意，账户不会启用。
invitation-agree-lead = 账户已为您开立。要使用账户，需要您的同意。您同意的内容如下：
invitation-agree-what = 哪些信息：电子邮箱；安全问题；手机号、称呼和验证码应用密钥（如果您填写）；时区和语言；登录时间和 IP 地址、浏览器信息；银行卡（如果您绑定）：卡组织、末四位、有效期和持卡人姓名；您的交易和优惠码。
invitation-agree-why = 用途：确保只有您能进入账户、办理付款和退款，并通知您。
invitation-unticked = 请勾选同意：没有您的同意，账户无法使用。
invitation-opened-title = 账户已启用
invitation-otherwise = 如果不同意，关闭页面即可：账户不会启用，任何人都无法登录。
invitation-done-title = 账户已经是您的了
invitation-done-text = 此链接已经用过：密码已设置，账户已启用。
invitation-expired-title = 链接已过期
invitation-expired-text = 链接的有效期为 24 小时，现已超过。我们可以向同一邮箱发送新邮件。
invitation-replaced-title = 有更新的邮件
invitation-replaced-text = 在这封邮件之后，我们又发送了一封。请打开最新邮件中的链接，或让我们重新发送。
invitation-begun-title = 链接已在另一个浏览器中打开
invitation-begun-text = 邮箱已确认，请在您按下按钮的浏览器中继续。如果无法使用该浏览器，或不是您本人操作，我们会发送新邮件。
invitation-again = 发送新邮件
invitation-late-title = 已超时
invitation-late-text = 等待时间太长，我们停止了操作，以免他人使用账户。我们可以向同一邮箱发送新邮件。
invitation-code-title = 邮件验证码
invitation-code-text = 带有“Confirm”按钮的邮件中有 6 位数字验证码。请在这里输入验证码和收件邮箱，也可以在任何设备上打开邮件中的链接。没有收到邮件？请等几分钟，并查看垃圾邮件。
invitation-code-hint = 验证码 24 小时内有效。只有最新邮件中的验证码可用。
invitation-code-wrong = 邮箱或验证码不正确。还有 { $left } 次机会。
invitation-code-spent = 机会已用完。请打开邮件中的链接，或明天再输入验证码。
invitation-code-network = 从您的网络地址（可能有其他人共用）输入邀请验证码的次数过多。{ $time }之后可以从这里输入；换用其他网络（例如移动网络）现在即可输入。邮件中的链接从这里也可以打开。
invitation-taken-title = 此邮箱已被使用
invitation-taken-text = 在您填写表单期间，此邮箱已在另一个账户中确认。请登录该账户。如果不是您本人，请联系客服。

# Security questions: a list of what stays the same for life and stands in no social network.
questions-title = 安全问题
questions-why = 如果您忘记密码，我们会先发送邮件或短信，再询问这些问题。这样，即使有人进入了您的邮箱或拿到您的手机，也无法恢复登录。
questions-advice = 请选择三个不同的问题，并按几年后仍会给出的方式回答。大小写、多余的空格和标点符号没有区别。没有人能看到您的答案，包括我们的工作人员。
questions-submit = 提交
