# SMS: a code should fit into 70 characters.
sms-registration-code = { $brand }（独立服务，与蚂蚁集团无关）：验证码 { $code }，请勿告诉他人。
sms-already-registered = { $brand }：此号码已有账户，请登录：{ $url }
sms-unlock = { $brand }：有人多次输错密码。如果是您本人，请打开链接恢复登录（30 分钟内有效）：{ $url }

# The shell of mails
mail-number = 消息编号：{ $number }
mail-code-label = 验证码：
mail-link-label = 如果按钮无法使用，请将此地址复制到浏览器：
mail-notice = { $brand } 为独立实现，并非由 Alipay 或蚂蚁集团（Ant Group）运营。请勿回复此邮件。

mail-confirm-email-subject = 请确认您的电子邮箱
mail-confirm-email-body-1 = 您好！账号 { $number } 填写了此邮箱。要确认，请点击“Confirm”（“确认”），并在打开的页面上再点击一次。
mail-confirm-email-body-2 = 在另一台设备上阅读？请直接在个人账户中输入验证码。链接和验证码 24 小时内有效。
mail-confirm-email-body-3 = 如果这不是您本人的操作，请忽略：未经确认，邮箱不会绑定。
mail-confirm-email-link = Confirm

mail-address-taken-subject = 有人想把您的邮箱加到其他账户
mail-address-taken-body-1 = 您好！有人在另一个 { $brand } 账户中填写了此邮箱。一切照旧：邮箱仍属于您，只能登录您的账户。
mail-address-taken-body-2 = 如果是您本人，请登录已绑定此邮箱的账户。如果不是，无需任何操作。
mail-address-taken-link = 登录

mail-unlock-subject = 登录失败次数过多
mail-unlock-body-1 = 您好！有人多次用错误的密码登录您的账户，因此陌生设备的登录已被关闭。
mail-unlock-body-2 = 如果是您本人，请打开链接恢复登录。链接 30 分钟内有效，密码不变。
mail-unlock-body-3 = 如果不是，无需任何操作：没有人登录成功。
mail-unlock-link = 恢复登录

mail-new-device-subject = 新设备登录
mail-new-device-body-1 = 您好！您的账户 { $number } 在一台新设备上登录：{ $moment }，IP 地址 { $address }。
mail-new-device-body-2 = 如果是您本人，一切正常。如果不是，请登录并更改密码。
mail-new-device-link = 登录
